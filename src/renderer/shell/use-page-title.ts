import { useEffect } from 'react';
import { situationOf, situationTitle, type SituationLevel } from '../../shared/lib/format/situation';
import { useAppState } from '../hooks/use-app';

/** The icon of a page whose tab is not in front; the others have the plain one. */
const ICONS: Partial<Record<SituationLevel, string>> = { down: '/favicon-down.svg', troubled: '/favicon-troubled.svg' };

/** Shows trouble in the title of the window, and in title and icon of a browser's tab. */
export function usePageTitle(): void {
  const watches = useAppState((state) => state.live.watches);
  const distress = useAppState((state) => state.live.engine?.distress);
  const situation = situationOf(watches.values(), distress);
  const title = situationTitle(situation);
  const icon = ICONS[situation.level] ?? '/favicon.svg';
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = 'Healdeck';
    };
  }, [title]);
  useEffect(() => {
    document.querySelector('link[rel="icon"]')?.setAttribute('href', icon);
  }, [icon]);
}
