import type { MantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun, type Icon } from '@tabler/icons-react';

/** The colour schemes in words, in the order in which a press leads through them. */
export const COLOR_SCHEMES: Readonly<
  Record<MantineColorScheme, { icon: Icon; word: string; next: MantineColorScheme }>
> = {
  auto: { icon: IconDeviceDesktop, word: 'Automatic', next: 'light' },
  light: { icon: IconSun, word: 'Light', next: 'dark' },
  dark: { icon: IconMoon, word: 'Dark', next: 'auto' },
};
