import { useState } from 'react';
import { leftOutName } from '../../../shared/model/portable';
import { describeFailure } from '../../api/errors';
import { download } from '../../platform/download';
import { plural } from '../../format/format';
import { useApp } from '../../hooks/use-app';
import { announce } from '../../platform/announce';

/** Saves settings and watches as a file that can be imported, and reports what is not in it. */
export function useExport(): { isBusy: boolean; exportAll: () => Promise<void> } {
  const { session } = useApp();
  const [isBusy, setBusy] = useState(false);
  const exportAll = async () => {
    setBusy(true);
    try {
      const { config, secrets } = await session.ask(async (client) => {
        const [file, kept] = await Promise.all([client.config.export(), client.secrets.list()]);
        return { config: file, secrets: kept };
      });
      download('healdeck.json', `${JSON.stringify(config, null, 2)}\n`, 'application/json');
      const counts = `${plural(config.watches.length, 'watch', 'watches')} and ${plural(Object.keys(config.settings).length, 'setting')}`;
      const leftOut = [
        ...secrets.map(({ name }) => name),
        ...config.leftOut.map((left) => `${leftOutName(left)} of ${left.watch}`),
      ];
      announce({
        ...{ tone: 'ok', title: `Exported ${counts}` },
        message: leftOut.length === 0 ? 'Nothing is left out.' : `Left out, since it is secret: ${leftOut.join(', ')}.`,
        stays: leftOut.length > 0,
      });
    } catch (error) {
      announce({ tone: 'bad', title: 'Not exported', message: describeFailure(error).message });
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, exportAll };
}
