import { Modal, type ModalProps } from '@mantine/core';
import { useLayer } from '../hooks/use-layer';
import { rem } from '../format/text-scale';
import { AT_ONCE } from './at-once';

/** A question or a form over everything else. Escape closes it, and only it, and gives the focus back. */
export function Dialog(props: Omit<ModalProps, 'styles' | 'closeOnEscape'>) {
  useLayer(props.opened, props.onClose);
  return (
    <Modal
      centered
      transitionProps={AT_ONCE}
      closeButtonProps={{ 'aria-label': 'Close' }}
      {...props}
      closeOnEscape={false}
      styles={{ title: { fontWeight: 650, fontSize: rem(17), minWidth: 0, overflowWrap: 'anywhere' } }}
    />
  );
}
