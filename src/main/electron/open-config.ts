import ElectronStore from 'electron-store';

/** `config.json` of a data directory, opened by electron-store. Headless, conf reads and writes the same file. */
export function openConfig(options: ConstructorParameters<typeof ElectronStore>[0]): ElectronStore {
  return new ElectronStore(options);
}
