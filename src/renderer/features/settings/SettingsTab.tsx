import { Anchor, Button, Switch } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import { DEFAULT_SETTINGS } from '../../../shared/model/settings';
import { plural } from '../../format/format';
import { formatRoute } from '../../store/route';
import { isChanged, searchSettings, SETTINGS_GROUPS, type SettingsGroup } from '../../drafts/settings-groups';
import { useApp, useAppState, useUiState } from '../../hooks/use-app';
import { useRoute } from '../../hooks/use-route';
import { useScrollTo } from '../../hooks/use-scroll-to';
import { useSettingsForm } from '../../hooks/use-settings-form';
import { EmptyState } from '../../kit/EmptyState';
import { FilterInput } from '../../kit/FilterInput';
import { FormFoot } from '../../form/FormFoot';
import page from '../../kit/Page.module.css';
import { GroupCard } from './GroupCard';
import { ProfileCard } from './ProfileCard';
import classes from './SettingsTab.module.css';
import { ThisWindow } from './ThisWindow';

/** Every setting that holds for all watches and for Healdeck itself, with what it means. Alerts have a view of their own. */
export function SettingsTab() {
  const { ui } = useApp();
  const inForce = useAppState((state) => state.live.engine?.settings ?? DEFAULT_SETTINGS);
  const filter = useUiState((state) => state.settingsFilter);
  const form = useSettingsForm('settings');
  const { tab, item } = useRoute();
  useScrollTo(tab === 'settings' && item !== null ? anchorOf(item) : null);
  // What is being changed stays in sight, whatever it is going to be.
  const groups = searchSettings(
    filter.text,
    (key) => !filter.changedOnly || isChanged(key, inForce) || form.isChanged(key),
  );
  const count = groups.reduce((sum, { keys }) => sum + keys.length, 0);
  const isFiltered = filter.text.trim() !== '' || filter.changedOnly;
  const show = (change: Partial<typeof filter>) => ui.show({ settingsFilter: { ...filter, ...change } });
  return (
    <div className={classes.page}>
      <div className={page.toolbar}>
        <FilterInput
          label="Search settings"
          placeholder="Name or words from its help"
          value={filter.text}
          onChange={(text) => show({ text })}
        />
        <Switch
          label="Only changed"
          checked={filter.changedOnly}
          onChange={(event) => show({ changedOnly: event.currentTarget.checked })}
        />
        <span className={page.count} role="status">
          {plural(count, 'setting')}
        </span>
      </div>
      <div className={classes.columns}>
        <Contents groups={groups} />
        <div className={classes.cards}>
          {isFiltered ? null : (
            <>
              <ThisWindow />
              <ProfileCard form={form} inForce={inForce} />
            </>
          )}
          {groups.map((group) => (
            <GroupCard
              key={group.id}
              id={anchorOf(group.id)}
              group={group}
              form={form}
              inForce={inForce}
              whole={isFiltered}
            />
          ))}
          {groups.length > 0 ? null : (
            <EmptyState
              icon={IconFilterOff}
              title="No matching settings"
              actions={
                <Button variant="default" onClick={() => show({ text: '', changedOnly: false })}>
                  Show all settings
                </Button>
              }
            >
              {filter.changedOnly
                ? 'No changed setting has all of these words in its name or help.'
                : 'No setting has all of these words in its name or help.'}
            </EmptyState>
          )}
          {isFiltered ? null : <DrillCard />}
          <p className={classes.elsewhere}>
            Mail, notifications, webhook and what is reported when:{' '}
            <Anchor href={formatRoute({ tab: 'alerts', item: null })} size="sm" c="var(--hd-link)">
              settings of alerts
            </Anchor>
            . Most of these settings can also be set for a single watch: edit the watch.
          </p>
        </div>
      </div>
      <div className={classes.foot}>
        <FormFoot form={form} />
      </div>
    </div>
  );
}

function anchorOf(id: string): string {
  return `settings-${id}`;
}

/** Leads to the groups; those without a setting that fits lead nowhere. */
function Contents({ groups }: { groups: readonly SettingsGroup[] }) {
  return (
    <nav aria-label="Groups of settings" className={classes.contents}>
      {SETTINGS_GROUPS.map(({ id, title }) =>
        groups.some((group) => group.id === id) ? (
          <a key={id} href={formatRoute({ tab: 'settings', item: id })}>
            {title}
          </a>
        ) : (
          <span key={id}>{title}</span>
        ),
      )}
    </nav>
  );
}

function DrillCard() {
  const { ui } = useApp();
  return (
    <section className={classes.card} aria-label="Drill">
      <div className={classes.head}>
        <h2>Drill</h2>
        <Button variant="default" onClick={() => ui.show({ drill: true })}>
          Run the drill…
        </Button>
      </div>
      <span className={classes.meta}>
        Proves with harmless programs that problems on this machine are detected, healed and reported by mail, and shows
        how fast.
      </span>
    </section>
  );
}
