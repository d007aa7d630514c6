import { ceiling, choice, flag } from '../../src/shared/model/settings/kinds';
import { LIMIT_ACTIONS, type AnomalyDefinition, type LimitDefinition } from '../../src/shared/findings/definition';
import type { ChannelDefinition } from '../../src/shared/channels/definition';
import type { EventDefinition } from '../../src/shared/events';
import type { AnomalyFinding, AnomalyRule } from '../../src/main/engine/detect/rules/rule';

/** One more of each kind, as somebody would add it. */

export const handles = {
  metric: 'handles',
  label: 'Handle limit',
  noun: 'handles',
  quantity: 'number of handles',
  excess: 'too many handles',
  over: 'had too many handles',
  near: 'is near its limit of handles',
  unit: 'files',
  write: String,
  shape: 'cross',
  keys: { warn: null, act: 'handles.limit', action: 'handles.action' },
  settings: {
    'handles.limit': ceiling({
      ...{
        label: 'Handle limit',
        group: 'counts',
        perWatch: true,
        help: 'Handles above which `handles.action` is taken.',
      },
      ...{ min: 1, max: 50, unit: 'files' },
    }),
    'handles.action': choice({
      ...{ label: 'Handle action', group: 'counts', perWatch: true, help: 'What is done about too many handles.' },
      ...{ default: 'notify', choices: LIMIT_ACTIONS },
    }),
  },
} as const satisfies LimitDefinition;

export const daydream = {
  anomaly: 'daydream',
  label: 'Daydream',
  sentence: ({ latest }) => `daydreams (${latest})`,
  shape: 'square',
  settings: {
    'daydream.watched': flag({
      ...{ label: 'Daydreams', group: 'anomalies', perWatch: true, default: true, help: 'Looks for daydreams.' },
    }),
  },
} as const satisfies AnomalyDefinition;

/** Finds a daydream at the first reading. */
export const daydreamRule = {
  kind: 'daydream',
  create: (): AnomalyRule => {
    let isNew = true;
    return {
      evaluate: ({ root }) => {
        if (!isNew) return [];
        isNew = false;
        const evidence = { rule: 'gaze', samples: [{ atMs: 0, value: 7 }], unit: 'processes', threshold: 5 };
        const anomaly = {
          ...{ anomaly: 'daydream', severity: 'medium', message: '7 processes look out of the window' },
          evidence: { ...evidence, thresholdText: 'more than 5', windowSeconds: 1 },
        };
        return [
          { kind: 'anomaly', anomaly, action: 'notify', pid: root.pid, subject: root } as unknown as AnomalyFinding,
        ];
      },
    };
  },
};

export const pager = {
  name: 'pager',
  label: 'Pager',
  secrets: [
    {
      ...{ name: 'pager.token', variable: 'HEALDECK_PAGER_TOKEN', label: 'Token' },
      ...{ meaning: 'of the account at the pager service', help: 'Of the account' },
    },
  ],
  settings: {
    'pager.enabled': flag({ label: 'Page people', group: 'channel', default: true, help: 'Pages people.' }),
  },
} as const satisfies ChannelDefinition;

export const teaDrunk: EventDefinition<'tea_drunk', { cups: number }> = {
  type: 'tea_drunk',
  label: 'Tea drunk',
  counted: ['tea', 'teas'],
  impact: 100,
  tone: 'high',
  alert: 'standard',
  isProblem: true,
  line: ({ data }) => ({ action: 'Drank tea', details: [`cups ${data.cups}`] }),
  facts: ({ data }) => [{ label: 'Cups', value: String(data.cups) }],
  sentence: ({ data }) => `drank ${data.cups} cups of tea`,
};

export const window = {
  'window.ajar': flag({ label: 'Window ajar', group: 'window', default: false, help: 'Lets some air in.' }),
};
