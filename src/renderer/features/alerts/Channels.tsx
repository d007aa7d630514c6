import { SimpleGrid } from '@mantine/core';
import { IconBell, IconMail, IconSend, IconTerminal2, IconWebhook, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { channelOf } from '../../../shared/channels';
import type { ChannelStatus } from '../../../shared/model/alert';
import { ALERT_CHANNELS, type AlertChannel } from '../../../shared/model/delivery';
import { SETTINGS, type SettingDefinition, type SettingKey } from '../../../shared/model/settings';
import { kindOf } from '../../drafts/setting-drafts';
import { useAppState } from '../../hooks/use-app';
import { useSecrets, type Secrets } from '../../hooks/use-secrets';
import { useSettingsForm, type SettingsForm } from '../../hooks/use-settings-form';
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
      {ALERT_CHANNELS.map((channel) => (
        <Card key={channel} channel={channel} secrets={secrets} startsOpen={nothingIsSetUp && channel === 'mail'} />
      ))}
    </>
  );
}

/** How a channel stands; off while the engine has not said it. */
function useChannel(channel: AlertChannel): ChannelStatus {
  const found = useAppState((state) => state.live.alerts.channels.find((one) => one.channel === channel));
  return found ?? { channel, state: 'off', recipients: [], description: '', problem: null, lastSentAt: null };
}

const ICONS: Partial<Record<AlertChannel, Icon>> = {
  mail: IconMail,
  desktop: IconBell,
  webhook: IconWebhook,
  command: IconTerminal2,
};

interface CardProps {
  channel: AlertChannel;
  secrets: Secrets;
  startsOpen: boolean;
}

function Card({ channel, secrets, startsOpen }: CardProps) {
  const { label, secrets: names } = channelOf(channel);
  const status = useChannel(channel);
  const form = useSettingsForm(label.charAt(0).toLowerCase() + label.slice(1), names.length === 0 ? null : secrets);
  return (
    <ChannelCard status={status} icon={ICONS[channel] ?? IconSend} form={form} startsOpen={startsOpen}>
      {channel === 'mail' ? <MailFields form={form} /> : <Fields channel={channel} form={form} />}
    </ChannelCard>
  );
}

/** The fields of a channel that needs no form of its own: wide ones, and below them its secrets and the other settings. */
function Fields({ channel, form }: { channel: AlertChannel; form: SettingsForm }): ReactNode {
  const { settings, secrets } = channelOf(channel);
  const keys = Object.keys(settings) as SettingKey[];
  const wide = keys.filter((key) => kindOf(key) === 'flag' || isArgv(key));
  return (
    <>
      {wide.map((key) =>
        isArgv(key) ? (
          <ArgvInput key={key} form={form} setting={key} />
        ) : (
          <SettingInput key={key} form={form} setting={key} />
        ),
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {secrets.map(({ name, label, help }) => (
          <SecretInput key={name} form={form} name={name} label={label} help={help} />
        ))}
        {keys
          .filter((key) => !wide.includes(key))
          .map((key) => (
            <SettingInput key={key} form={form} setting={key} />
          ))}
      </SimpleGrid>
    </>
  );
}

function isArgv(key: SettingKey): boolean {
  return (SETTINGS[key] as SettingDefinition<unknown>).form === 'argv';
}
