import { Checkbox } from '@mantine/core';
import { followsOf, withFollows } from '../../../drafts/dependency-draft';
import type { Editor } from './use-editor';

/** Whether the watch is restarted with those that it starts after; each can be set by itself where its name is typed. */
export function FollowField({ editor }: { editor: Editor }) {
  const { form } = editor;
  const follows = followsOf(form.values.after);
  return (
    <Checkbox
      label="Restart it with these watches"
      description="Once one was started anew and is ready again; not with those whose completion it waits for"
      checked={follows === 'all'}
      indeterminate={follows === 'some'}
      disabled={follows === null}
      onChange={(event) => form.setFieldValue('after', withFollows(form.values.after, event.currentTarget.checked))}
    />
  );
}
