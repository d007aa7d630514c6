import { SimpleGrid } from '@mantine/core';
import { fieldOf } from '../../drafts/setting-fields';
import { useSettingsForm, type SettingsForm } from '../../hooks/use-settings-form';
import { FormFoot } from '../../form/FormFoot';
import { Given, SettingInput } from '../../form/SettingInput';
import { TimesInput } from '../../form/TimesInput';
import classes from './AlertsTab.module.css';

/** What is reported, when, and how often. */
export function Rules() {
  return (
    <>
      <What />
      <HowOften />
      <When />
      <p className={classes.sub}>A watch can have its own rules: edit it, and open “Alerts” there.</p>
    </>
  );
}

function What() {
  const form = useSettingsForm('what is reported');
  return (
    <section className={classes.card} aria-label="What is reported">
      <div className={classes.body}>
        <h2 className={classes.legend}>What is reported</h2>
        <SettingInput form={form} setting="alerts.types" />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <SettingInput form={form} setting="alerts.minSeverity" />
        </SimpleGrid>
        <FormFoot form={form} />
      </div>
    </section>
  );
}

function HowOften() {
  const form = useSettingsForm('how often it is sent');
  return (
    <section className={classes.card} aria-label="How often">
      <div className={classes.body}>
        <h2 className={classes.legend}>How often</h2>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <SettingInput form={form} setting="alerts.settleMs" />
          <SettingInput form={form} setting="alerts.groupMs" />
          <SettingInput form={form} setting="alerts.reminderMs" placeholder="none" />
          <SettingInput form={form} setting="alerts.perWatchPerHour" placeholder="none" />
          <SettingInput form={form} setting="alerts.criticalPerHour" />
        </SimpleGrid>
        <FormFoot form={form} />
      </div>
    </section>
  );
}

function When() {
  const form = useSettingsForm('quiet hours and maintenance');
  return (
    <section className={classes.card} aria-label="Quiet hours and maintenance">
      <div className={classes.body}>
        <h2 className={classes.legend}>Quiet hours and maintenance</h2>
        <Times form={form} setting="alerts.quietHours" none="None: alerts are sent at any time." />
        <SettingInput form={form} setting="alerts.criticalBreaksThrough" />
        <Times form={form} setting="alerts.maintenance" none="None." withOnce />
        <FormFoot form={form} />
      </div>
    </section>
  );
}

interface TimesProps {
  form: SettingsForm;
  setting: 'alerts.quietHours' | 'alerts.maintenance';
  none: string;
  withOnce?: boolean;
}

function Times({ form, setting, none, withOnce = false }: TimesProps) {
  const { label, help } = fieldOf(setting);
  const draft = form.draft(setting);
  const given = form.given(setting);
  return (
    <TimesInput
      label={label}
      description={given === null ? help : <Given variable={given.variable} />}
      error={form.error(setting)}
      value={typeof draft === 'object' ? draft : []}
      onChange={(times) => form.change(setting, times)}
      withOnce={withOnce}
      disabled={given !== null}
      none={none}
    />
  );
}
