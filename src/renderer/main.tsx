import { connectBrowser } from './api/browser';
import { connectDesktop } from './api/desktop';
import { mountApp } from './app';

mountApp(document.getElementById('root'), window.healdeck?.shell === 'desktop' ? connectDesktop : connectBrowser);
