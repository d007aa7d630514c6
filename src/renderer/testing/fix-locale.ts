import { setLocale } from '../format/locale';

// What tests expect must not depend on the language of the machine that runs them.
setLocale('en-GB');
