import { Radio, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { assertNever } from '../../../../shared/lib/assert-never';
import { parseArgv } from '../../../../shared/lib/text/argv';
import { HTTP_METHODS, PROBE_ROLES } from '../../../../shared/model/probe';
import type { ProbeDraft, ProbeField } from '../../../drafts/probe-draft';
import input from '../../../form/SettingInput.module.css';
import { unitSection } from '../../../form/unit-section';
import { Words } from '../../../kit/Words';
import { PROBE_ROLE_WORDS } from '../../../words/present-probe';
import { ProbePast } from './ProbePast';
import { ProbeSecrets } from './ProbeSecrets';
import { ProbeTrial } from './ProbeTrial';
import type { Editor } from './use-editor';

interface ProbeFieldsProps {
  editor: Editor;
  probe: ProbeDraft;
  /** Its place among the probes. */
  at: number;
}

/** What a probe asks, what follows from it, and how often. */
export function ProbeFields({ editor, probe, at }: ProbeFieldsProps) {
  const props = { editor, probe, at };
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="sm">
        <Text {...props} field="name" label="Probe name" help="Events and messages use it" />
        <Choice
          {...props}
          field="role"
          label="Role"
          choices={PROBE_ROLES.map((role) => ({ value: role, label: PROBE_ROLE_WORDS[role].word }))}
          help={PROBE_ROLE_WORDS[probe.role].help}
        />
      </SimpleGrid>
      <CheckFields {...props} />
      <SimpleGrid cols={2} spacing="md" verticalSpacing="sm">
        <Text
          {...props}
          field="interval"
          label="Interval"
          help="From the begin of an attempt to that of the next; one that takes longer is followed at once"
        />
        <Text {...props} field="timeout" label="Timeout" help="Without an answer by then it has failed" />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="md" verticalSpacing="sm">
        <Text {...props} field="failures" label="Fails at" help="Failed attempts" />
        <Text {...props} field="of" label="Of the last" help="Attempts that are considered" />
        <Text {...props} field="successes" label="Passes again after" help="Passed attempts in a row" />
      </SimpleGrid>
      <ProbePast {...props} />
      <ProbeTrial {...props} />
    </Stack>
  );
}

function CheckFields(props: ProbeFieldsProps) {
  const { kind } = props.probe;
  switch (kind) {
    case 'http':
      return <HttpFields {...props} />;
    case 'tcp':
      return (
        <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="md" verticalSpacing="sm">
          <Text {...props} field="host" label="Host" code />
          <Text {...props} field="port" label="Port" placeholder="5432" code />
          <Text
            {...props}
            field="socketPath"
            label="Unix socket"
            placeholder="/run/app.sock"
            help="Instead of host and port"
            code
          />
        </SimpleGrid>
      );
    case 'command':
      return <CommandField {...props} />;
    case 'log':
      return <LogFields {...props} />;
    case 'heartbeat':
      return (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md" verticalSpacing="sm">
          <Text
            {...props}
            field="path"
            label="File"
            placeholder="/run/app/alive"
            help="Absolute path; it may be empty"
            code
            required
          />
          <Text {...props} field="maxAge" label="Maximum age" help="Fails when it was changed longer ago" required />
        </SimpleGrid>
      );
    case 'silence':
      return (
        <Text
          {...props}
          field="maxAge"
          label="Maximum silence"
          help="Fails when nothing was written for so long"
          required
        />
      );
    case 'notify':
      return (
        <Text
          {...props}
          field="maxAge"
          label="Maximum time between two WATCHDOG=1"
          placeholder="None: it waits for READY=1"
          help="For a liveness probe; the other roles wait for READY=1. The program gets NOTIFY_SOCKET at its next start"
        />
      );
    default:
      return assertNever(kind);
  }
}

function HttpFields(props: ProbeFieldsProps) {
  const { editor, at, probe } = props;
  const grid = { cols: { base: 1, xs: 2 }, spacing: 'md', verticalSpacing: 'sm' };
  return (
    <>
      <Text {...props} field="url" label="URL" placeholder="http://127.0.0.1:8080/health" code required />
      <SimpleGrid {...grid}>
        <Choice
          {...props}
          field="method"
          label="Method"
          choices={HTTP_METHODS.map((method) => ({ value: method, label: method }))}
        />
        <Text
          {...props}
          field="statuses"
          label="Statuses that pass"
          help="Ranges or single ones, as in 200-299,404"
          code
        />
      </SimpleGrid>
      <Textarea
        label="Headers"
        placeholder={'Accept: application/json\nAuthorization: probe.token'}
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        classNames={{ input: input.code ?? '' }}
        {...editor.field(
          `probes.${at}.headersText`,
          'One Name: value a line. The value probe.token sends the secret of that name, which is stored below; in quotes it is text',
        )}
      />
      <ProbeSecrets headersText={probe.headersText} />
      <SimpleGrid {...grid}>
        <Text
          {...props}
          field="body"
          label="Body matches"
          placeholder="Any body"
          help="RE2 expression, found anywhere"
          code
        />
        <Text
          {...props}
          field="socketPath"
          label="Unix socket"
          placeholder="/run/app.sock"
          help="Connects to it, not to the host of the URL"
          code
        />
        {probe.url.startsWith('https:') || probe.certificateDays !== '' || probe.caFile !== '' ? (
          <>
            <Text
              {...props}
              {...unitSection('days')}
              field="certificateDays"
              label="Certificate warning"
              placeholder="Once expired"
              help="Fails so long before the certificate expires"
            />
            <Text
              {...props}
              field="caFile"
              label="CA file"
              placeholder="Those of the system"
              help="Trusted certificates in PEM"
              code
            />
          </>
        ) : null}
      </SimpleGrid>
    </>
  );
}

function CommandField({ editor, probe, at }: ProbeFieldsProps) {
  const parsed = parseArgv(probe.argvText, editor.syntax);
  return (
    <div>
      <Textarea
        label="Command of the probe"
        placeholder="pg_isready --quiet"
        required
        autosize
        minRows={1}
        maxRows={4}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: input.code ?? '' }}
        {...editor.field(
          `probes.${at}.argvText`,
          'Exit code 0 passes. It runs without a shell, with the user, directory and variables of the watch',
        )}
      />
      {parsed.ok && parsed.argv.length > 0 ? (
        <Words label="Arguments of the probe as parsed" words={parsed.argv} />
      ) : null}
    </div>
  );
}

function LogFields(props: ProbeFieldsProps) {
  const { editor, at } = props;
  return (
    <>
      <Text
        {...props}
        field="pattern"
        label="Line matches"
        placeholder="listening on port \d+"
        help="RE2 expression, found in any line since the start"
        code
        required
      />
      <Radio.Group label="Such a line means" {...editor.form.getInputProps(`probes.${at}.means`)}>
        <Stack gap={8} mt={6}>
          <Radio value="healthy" label="It works" description="The probe passes once there was one" />
          <Radio value="unhealthy" label="It does not work" description="Each new one fails the probe" />
        </Stack>
      </Radio.Group>
    </>
  );
}

interface TextProps extends ProbeFieldsProps {
  field: ProbeField;
  label: string;
  help?: string;
  placeholder?: string;
  /** In the fixed-width font. */
  code?: boolean;
  required?: boolean;
}

function Text({ editor, at, probe: _probe, field, help, code = false, ...others }: TextProps) {
  return (
    <TextInput
      spellCheck={false}
      autoComplete="off"
      {...(code ? { classNames: { input: input.code ?? '' } } : {})}
      {...others}
      {...editor.field(`probes.${at}.${field}`, help)}
    />
  );
}

interface ChoiceProps extends ProbeFieldsProps {
  field: 'role' | 'method';
  label: string;
  choices: { value: string; label: string }[];
  help?: string;
}

function Choice({ editor, at, field, label, choices, help }: ChoiceProps) {
  const path = `probes.${at}.${field}` as const;
  return (
    <Select
      label={label}
      data={choices}
      allowDeselect={false}
      description={help}
      inputWrapperOrder={['label', 'input', 'description']}
      data-path={path}
      {...editor.form.getInputProps(path)}
    />
  );
}
