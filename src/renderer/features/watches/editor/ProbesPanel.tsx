import { Accordion, ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { PROBE_LIMITS, type ProbeKind } from '../../../../shared/model/probe';
import { newProbeDraft, type ProbeDraft } from '../../../drafts/probe-draft';
import { rem } from '../../../format/text-scale';
import { PROBE_KINDS, PROBE_ROLE_WORDS } from '../../../words/present-probe';
import { ProbeFields } from './ProbeFields';
import { ProbeSuggestions } from './ProbeSuggestions';
import { probePanel, type Editor } from './use-editor';
import classes from './ProbesPanel.module.css';

/** The probes of a watch: to add, change, try and remove. */
export function ProbesPanel({ editor }: { editor: Editor }) {
  const { probes } = editor.form.values;
  return (
    <div className={classes.probes}>
      {probes.length === 0 ? (
        <p className={classes.none}>
          None: only whether it runs is known. A probe asks whether it works, as an HTTP request or a connection does.
        </p>
      ) : (
        <Accordion
          multiple
          keepMounted={false}
          variant="contained"
          transitionDuration={0}
          value={[...editor.openPanels]}
          onChange={editor.setOpenPanels}
        >
          {probes.map((probe, at) => (
            <ProbeItem key={probe.key} editor={editor} probe={probe} at={at} />
          ))}
        </Accordion>
      )}
      <ProbeSuggestions editor={editor} />
      <AddProbe editor={editor} />
    </div>
  );
}

function ProbeItem({ editor, probe, at }: { editor: Editor; probe: ProbeDraft; at: number }) {
  const name = probe.name.trim() === '' ? 'this probe' : probe.name;
  return (
    <Accordion.Item value={probePanel(probe)}>
      <div className={classes.head}>
        <Accordion.Control>
          <span className={classes.name}>{probe.name}</span>{' '}
          <span className={classes.kind}>
            {PROBE_ROLE_WORDS[probe.role].word}: {PROBE_KINDS[probe.kind].word}
          </span>
        </Accordion.Control>
        <Tooltip label={`Remove ${name}`} openDelay={400} withArrow>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove ${name}`}
            onClick={() => editor.form.removeListItem('probes', at)}
          >
            <IconTrash size={rem(17)} stroke={1.8} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      </div>
      <Accordion.Panel>
        <ProbeFields editor={editor} probe={probe} at={at} />
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function AddProbe({ editor }: { editor: Editor }) {
  const { form, openPanels, setOpenPanels } = editor;
  const { probes } = form.values;
  const add = (kind: ProbeKind) => {
    const probe = newProbeDraft(kind, probes);
    form.insertListItem('probes', probe);
    setOpenPanels([...openPanels, probePanel(probe)]);
  };
  const isFull = probes.length >= PROBE_LIMITS.maxProbes;
  return (
    <Menu position="bottom-start" width={rem(520)} transitionProps={{ duration: 80 }} withinPortal>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          disabled={isFull}
          leftSection={<IconPlus size={rem(15)} aria-hidden="true" />}
        >
          {isFull ? `At most ${PROBE_LIMITS.maxProbes} probes` : 'Add probe'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(PROBE_KINDS).map(([kind, { word, help }]) => (
          <Menu.Item key={kind} onClick={() => add(kind as ProbeKind)}>
            <span className={classes.choice}>
              <span>{word}</span>
              <span className={classes.help}>{help}</span>
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
