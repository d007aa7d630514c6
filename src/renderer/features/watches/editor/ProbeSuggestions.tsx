import { Button } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { formatSocketAddress } from '../../../../shared/lib/host/socket-address';
import type { ListeningSocket } from '../../../../shared/model/ports';
import { PROBE_LIMITS } from '../../../../shared/model/probe';
import type { WatchStatus } from '../../../../shared/model/snapshot';
import { findAnswer, probesOf, unaskedSockets, type FoundAnswer } from '../../../drafts/suggested-probe';
import { rem } from '../../../format/text-scale';
import { useAnswer } from '../../../hooks/use-answer';
import { useAppState } from '../../../hooks/use-app';
import { Whole } from '../../../kit/Clip';
import { probePanel, type Editor } from './use-editor';
import classes from './ProbesPanel.module.css';

/** Sockets that are offered: a program with more is known well enough. */
const MAX_OFFERED = 4;

/** Probes for the ports on which the program of a watch listens: nothing is asked before the operator wants it. */
export function ProbeSuggestions({ editor }: { editor: Editor }) {
  const { editedId } = editor;
  const status = useAppState((state) => (editedId === null ? null : (state.live.watches.get(editedId) ?? null)));
  if (status === null || status.processes.length === 0) return null;
  return <OfRunning editor={editor} status={status} />;
}

function OfRunning({ editor, status }: { editor: Editor; status: WatchStatus }) {
  const { id } = status.watch;
  const running = status.processes.map(({ pid, startTime }) => `${pid}:${startTime}`).join();
  const answer = useAnswer(`${id}/${running}`, (client, signal) => client.watches.ports({ watch: id }, { signal }));
  const { probes } = editor.form.values;
  const sockets = answer.kind === 'answered' ? answer.value.flatMap((ports) => ports.sockets) : [];
  // Room for both that are added.
  if (probes.length + 2 > PROBE_LIMITS.maxProbes) return null;
  const offered = unaskedSockets(sockets, probes).slice(0, MAX_OFFERED);
  return offered.map((socket) => (
    <Suggestion key={formatSocketAddress(socket)} editor={editor} status={status} socket={socket} />
  ));
}

interface SuggestionProps {
  editor: Editor;
  status: WatchStatus;
  socket: ListeningSocket;
}

function Suggestion({ editor, status, socket }: SuggestionProps) {
  const { id, target } = status.watch;
  const [times, setTimes] = useState(0);
  const name = socket.port === null ? socket.address : `port ${socket.port}`;
  const key = times === 0 ? null : `${id}/${formatSocketAddress(socket)}/${times}`;
  const answer = useAnswer(key, (client, signal) =>
    findAnswer(socket, (probe) => client.watches.tryProbe({ probe, target, watch: id }, { signal })),
  );
  const isAsking = key !== null && answer.kind === 'asking';
  const found = answer.kind === 'answered' && !('problem' in answer.value) ? answer.value : null;
  const add = ({ ...answered }: FoundAnswer) => {
    const { form, openPanels, setOpenPanels } = editor;
    const added = probesOf(answered, form.values.probes);
    for (const probe of added) form.insertListItem('probes', probe);
    setOpenPanels([...openPanels, ...added.slice(0, 1).map(probePanel)]);
  };
  return (
    <div className={classes.trial} role="group" aria-label={`Probes for ${name}`}>
      {found === null ? (
        <Button
          size="compact-sm"
          variant="default"
          loading={isAsking}
          leftSection={<IconSearch size={rem(15)} aria-hidden="true" />}
          onClick={() => setTimes(times + 1)}
        >
          Ask {name}
        </Button>
      ) : (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconPlus size={rem(15)} aria-hidden="true" />}
          onClick={() => add(found)}
        >
          Probe {name}
        </Button>
      )}
      <div className={classes.answer} role="status" aria-label={`Answer of ${name}`}>
        <Whole text={key === null ? offer(socket) : outcome(name, answer)} />
      </div>
    </div>
  );
}

function offer({ port }: ListeningSocket): string {
  const asked = port === null ? 'one connection finds out' : 'a few GET requests find out';
  return `The program listens there, and no probe asks it: ${asked} how it answers.`;
}

function outcome(name: string, answer: ReturnType<typeof useAnswer<FoundAnswer | { problem: string }>>): string {
  if (answer.kind === 'asking') return 'Asking…';
  if (answer.kind === 'failed') return `Not asked: ${answer.failure.message}`;
  if ('problem' in answer.value) return `No answer at ${name}: ${answer.value.problem}`;
  return `It answers at ${name} (${answer.value.evidence}): add it as liveness and readiness.`;
}
