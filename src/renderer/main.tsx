import { connectBrowser } from './api/browser';
import { connectDesktop } from './api/desktop';
import { mountApp } from './shell/app';

mountApp(document.getElementById('root'), window.healdeck?.shell === 'desktop' ? connectDesktop : connectBrowser);
