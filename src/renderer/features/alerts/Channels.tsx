import { SimpleGrid } from '@mantine/core';
import { IconBell, IconMail, IconTerminal2, IconWebhook } from '@tabler/icons-react';
import type { ChannelStatus } from '../../../shared/model/alert';
import type { AlertChannel } from '../../../shared/model/delivery';
import { useAppState } from '../../hooks/use-app';
import { useSecrets, type Secrets } from '../../hooks/use-secrets';
import { useSettingsForm } from '../../hooks/use-settings-form';
import { SecretInput } from '../../form/SecretInput';
import { SettingInput } from '../../form/SettingInput';
import { ArgvInput } from './ArgvInput';
import { ChannelCard } from './ChannelCard';
import { MailFields } from './MailFields';

/** The ways to reach somebody, each set up where it stands. */
export function Channels() {
  const secrets = useSecrets();
  const nothingIsSetUp = useAppState((state) => state.live.alerts.channels.every(({ state: one }) => one === 'off'));
  return (
    <>
      <MailCard secrets={secrets} startsOpen={nothingIsSetUp} />
      <DesktopCard />
      <WebhookCard secrets={secrets} />
      <CommandCard />
    </>
  );
}

/** How a channel stands; off while the engine has not said it. */
function useChannel(channel: AlertChannel): ChannelStatus {
  const found = useAppState((state) => state.live.alerts.channels.find((one) => one.channel === channel));
  return found ?? { channel, state: 'off', recipients: [], description: '', problem: null, lastSentAt: null };
}

function MailCard({ secrets, startsOpen }: { secrets: Secrets; startsOpen: boolean }) {
  const status = useChannel('mail');
  const form = useSettingsForm('e-mail', secrets);
  return (
    <ChannelCard status={status} icon={IconMail} form={form} startsOpen={startsOpen}>
      <MailFields form={form} />
    </ChannelCard>
  );
}

function DesktopCard() {
  const status = useChannel('desktop');
  const form = useSettingsForm('desktop notifications');
  return (
    <ChannelCard status={status} icon={IconBell} form={form}>
      <SettingInput form={form} setting="desktop.enabled" />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <SettingInput form={form} setting="desktop.minSeverity" />
        <SettingInput form={form} setting="desktop.perHour" />
      </SimpleGrid>
    </ChannelCard>
  );
}

function WebhookCard({ secrets }: { secrets: Secrets }) {
  const status = useChannel('webhook');
  const form = useSettingsForm('webhook', secrets);
  return (
    <ChannelCard status={status} icon={IconWebhook} form={form}>
      <SettingInput form={form} setting="webhook.enabled" />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <SecretInput
          form={form}
          name="webhook.url"
          label="Address"
          help="Where alerts are posted to, as in https://chat.example.org/hooks/…; whoever knows it may post, so it is kept as a secret"
        />
        <SecretInput
          form={form}
          name="webhook.key"
          label="Key"
          help="Signs each post (HMAC), so that the other side knows it came from here; only for Healdeck’s own JSON"
        />
        <SettingInput form={form} setting="webhook.format" />
        <SettingInput form={form} setting="webhook.timeoutMs" />
        <SettingInput form={form} setting="webhook.perHour" />
      </SimpleGrid>
    </ChannelCard>
  );
}

function CommandCard() {
  const status = useChannel('command');
  const form = useSettingsForm('command');
  return (
    <ChannelCard status={status} icon={IconTerminal2} form={form}>
      <ArgvInput form={form} setting="command.argv" />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <SettingInput form={form} setting="command.timeoutMs" />
        <SettingInput form={form} setting="command.perHour" />
      </SimpleGrid>
    </ChannelCard>
  );
}
