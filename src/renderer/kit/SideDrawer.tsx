import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLayer } from '../hooks/use-layer';
import { rem } from '../format/text-scale';
import { AT_ONCE } from './at-once';

interface SideDrawerProps {
  opened: boolean;
  title: ReactNode;
  /** CSS width; what is open stays beside the tab where there is room. */
  width?: string;
  onClose: () => void;
  children: ReactNode;
}

/** Details beside the tab they belong to. Escape closes it, and only it, and gives the focus back. */
export function SideDrawer({ opened, title, width = '38.75rem', onClose, children }: SideDrawerProps) {
  useLayer(opened, onClose);
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      closeOnEscape={false}
      position="right"
      size={width}
      title={title}
      overlayProps={{ backgroundOpacity: 0.25 }}
      transitionProps={AT_ONCE}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{
        title: { minWidth: 0, fontSize: rem(18), fontWeight: 650 },
        body: { display: 'flex', flexDirection: 'column', gap: rem(22), paddingBottom: rem(24) },
        header: { borderBottom: '1px solid var(--hd-line)', marginBottom: rem(16) },
      }}
    >
      {children}
    </Drawer>
  );
}
