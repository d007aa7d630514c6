import { formatRate } from '../../format/format';
import { useAppState } from '../../hooks/use-app';
import { ChartCard } from '../../kit/ChartCard';
import classes from './OverviewTab.module.css';

/** What disks and network of the whole machine move now; nothing where the OS does not count it. */
export function DeviceCards() {
  const machine = useAppState((state) => state.live.machine);
  const { diskReadBytesPerSecond: read, diskWriteBytesPerSecond: written } = machine ?? {};
  const { networkInBytesPerSecond: received, networkOutBytesPerSecond: sent } = machine ?? {};
  if ([read, written, received, sent].every((rate) => rate === undefined)) return null;
  return (
    <div className={classes.charts}>
      <ChartCard title="Disk" value={rateText(read)} unit="read" facts={[`written ${rateText(written)}`]} />
      <ChartCard title="Network" value={rateText(received)} unit="in" facts={[`out ${rateText(sent)}`]} />
    </div>
  );
}

/** After an unplugged disk or interface a rate is unknown for a moment. */
function rateText(rate: number | undefined): string {
  return rate === undefined ? '–' : formatRate(rate);
}
