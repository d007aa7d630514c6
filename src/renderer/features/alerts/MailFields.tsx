import { ActionIcon, Button, Group, Select, SimpleGrid, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { formatServer, NEW_SERVER, parseServer, passwordOf, type MailServer } from '../../drafts/mail-servers';
import { fieldOf } from '../../drafts/setting-fields';
import { rem } from '../../format/text-scale';
import type { SettingsForm } from '../../hooks/use-settings-form';
import { SecretInput } from '../../form/SecretInput';
import { SettingInput } from '../../form/SettingInput';
import classes from './AlertsTab.module.css';

/** Where mails go and how: the server, the login, the people. */
export function MailFields({ form }: { form: SettingsForm }) {
  return (
    <>
      <SettingInput form={form} setting="mail.enabled" />
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <SettingInput form={form} setting="mail.host" placeholder="smtp.example.org" />
        <SettingInput form={form} setting="mail.port" placeholder="587" />
        <SettingInput form={form} setting="mail.tls" />
        <SettingInput form={form} setting="mail.user" placeholder="healdeck@example.org" />
        <SecretInput
          form={form}
          name="mail.password"
          label="Password"
          help="Stored as a secret: it is never displayed again and appears in no log or export"
        />
        <SettingInput form={form} setting="mail.from" placeholder="Healdeck <healdeck@example.org>" />
      </SimpleGrid>
      <SettingInput form={form} setting="mail.to" placeholder="ada@example.org" />
      <Servers form={form} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <SettingInput form={form} setting="mail.perHour" />
        <SettingInput form={form} setting="mail.timeoutMs" />
        <SettingInput form={form} setting="mail.heloName" placeholder="monitor.example.org" />
        <SettingInput form={form} setting="mail.caFile" placeholder="/etc/ssl/our-ca.pem" code />
      </SimpleGrid>
      <SettingInput form={form} setting="mail.allowPlaintext" />
    </>
  );
}

/** The servers that are tried when the first can't be reached, in their order. */
function Servers({ form }: { form: SettingsForm }) {
  const { label, help } = fieldOf('mail.fallbackServers');
  const draft = form.draft('mail.fallbackServers');
  const addresses = typeof draft === 'object' ? draft : [];
  const error = form.error('mail.fallbackServers');
  const put = (servers: readonly string[]) => form.change('mail.fallbackServers', servers);
  return (
    <div role="group" aria-label={label}>
      <h3 className={classes.legend}>{label}</h3>
      <p className={classes.note} data-bad={error !== null || undefined}>
        {error ?? help}
      </p>
      {addresses.map((address, index) => (
        <Server
          // Its place is all that stays while its fields are typed.
          key={index}
          place={index + 1}
          server={parseServer(address)}
          form={form}
          onChange={(server) => put(addresses.map((one, at) => (at === index ? formatServer(server) : one)))}
          onRemove={() => put(addresses.filter((_, at) => at !== index))}
        />
      ))}
      <Group mt="xs">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={rem(14)} aria-hidden="true" />}
          onClick={() => put([...addresses, formatServer(NEW_SERVER)])}
        >
          Add a fallback server
        </Button>
      </Group>
    </div>
  );
}

interface ServerProps {
  place: number;
  server: MailServer;
  form: SettingsForm;
  onChange: (server: MailServer) => void;
  onRemove: () => void;
}

function Server({ place, server, form, onChange, onRemove }: ServerProps) {
  const leave = () => form.leave('mail.fallbackServers');
  const password = passwordOf(server);
  const text = (field: 'host' | 'port' | 'user', label: string, placeholder: string) => (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={server[field]}
      onChange={(event) => onChange({ ...server, [field]: event.currentTarget.value.trim() })}
      onBlur={leave}
      autoComplete="off"
      spellCheck={false}
    />
  );
  return (
    <div className={classes.server} role="group" aria-label={`Fallback server ${place}`}>
      <Select
        label="Encryption"
        data={[
          { value: 'smtp', label: 'STARTTLS' },
          { value: 'smtps', label: 'Implicit TLS' },
        ]}
        value={server.scheme}
        allowDeselect={false}
        onChange={(scheme) => onChange({ ...server, scheme: scheme === 'smtps' ? 'smtps' : 'smtp' })}
      />
      {text('host', 'Server', 'mail.example.org')}
      {text('port', 'Port', server.scheme === 'smtps' ? '465' : '587')}
      {text('user', 'User', '')}
      {password === null ? <span /> : <SecretInput form={form} name={password} label="Password" help="" />}
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Remove fallback server ${place}`}
        onClick={onRemove}
      >
        <IconTrash size={rem(17)} aria-hidden="true" />
      </ActionIcon>
    </div>
  );
}
