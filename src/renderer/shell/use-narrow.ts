import { useMediaQuery } from '@mantine/hooks';

/** Whether the window is too narrow for the names of the views beside their icons; in em, so that larger text counts. */
export function useNarrow(): boolean {
  return useMediaQuery('(max-width: 68em)', window.innerWidth < 1088, { getInitialValueInEffect: false }) ?? false;
}
