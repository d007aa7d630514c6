/** The words of the house: a lint rule that keeps homely or foreign ones out of names and out of what operators read. */

/** Names that have a better one in this field. */
const NAMES = new Map(
  Object.entries({
    ...{ tell: 'report', told: 'reported', telling: 'facts', Telling: 'MessageFacts', toldInShort: 'summaryLine' },
    ...{ Lookout: 'LivenessPoller', lookout: 'livenessPoller', Deaths: 'ExitExaminer', Findings: 'FindingHandler' },
    ...{ Judge: 'Evaluator', Judges: 'EvaluatorPool', judges: 'evaluators', Announcer: 'ChangeBus' },
    ...{ announcer: 'changeBus', hurry: 'boost', Urgency: 'PriorityBoost', OutboxDesk: 'OutboxOperations' },
    ...{ Maker: 'MessageBuilder', Holds: 'Suppressions', StatusBoard: 'AlertStatusPublisher', takeIn: 'activate' },
    ...{ putInForce: 'apply', letGo: 'release', keeper: 'owner', keeperOf: 'ownerOf', thief: 'newOwner' },
    ...{ isKeptByAnother: 'isOwnedByAnother', LatestPass: 'ProcessSnapshot', renew: 'refresh', tend: 'runMaintenance' },
    ...{ OperatorEnd: 'OperatorKill', EndRequest: 'OperatorKillRequest', thin: 'downsample', chance: 'random' },
    ...{ momentsAbove: 'exceedancesOf', ProcessTaste: 'ProcessTablePreferences', gravity: 'impactRank' },
    ...{ standardOf: 'defaultOf', storyOf: 'incidentOf, recoveryOf or groupOf' },
  }),
);
/** The same as a part of a longer name: `isTold`, `tellOnce`. */
const PART = /(?:^|[a-z_])(?:[Tt]ell(?:s|ings?)?|[Tt]old|[Uu]ntold|[Hh]urry|[Tt]hief|TELL|TOLD)(?=[A-Z_]|$)/;
/** How limits and intervals begin, and how they should. */
const PREFIXES = new Map(Object.entries({ MOST_: 'MAX_', LONGEST_: 'MAX_', SHORTEST_: 'MIN_', LOOK_: 'POLL_' }));
/** What an operator would have to read twice. */
const TEXTS = new Map(
  Object.entries({
    ...{ 'Patience with': 'timeout', 'Own authority': 'Custom CA certificate', 'Least severity': 'Minimum severity' },
    ...{
      'Told together': 'Grouping window',
      'No event fits': 'No matching events',
      'Healing goes on': 'Healing resumed',
    },
    ...{ 'Nobody is told': 'No one will be notified', 'told, nothing else': 'notified only', 'Left alone:': 'Failed:' },
    ...{
      'It is off:': 'Channel is disabled',
      'the other side said': 'Server response',
      'Keys and signs': 'Keyboard shortcuts',
    },
    ...{
      'How bad an event is': 'Event severities',
      'Ends in common': 'Common exit reason',
      'Nothing odd': 'No anomalies',
    },
    ...{
      "drill can't go on": 'The drill stopped',
      'one line an event': 'one line per event',
      'a desk full': 'a handful',
    },
    ...{ 'never passed over': 'never silently ignored' },
    // One apostrophe everywhere: the one that can be typed and searched for.
    ...{ '\u2018': "'", '\u2019': "'" },
  }),
);

function betterName(name) {
  const prefix = [...PREFIXES.keys()].find((one) => name.startsWith(one));
  if (prefix !== undefined) return PREFIXES.get(prefix) + name.slice(prefix.length);
  return NAMES.get(name) ?? (PART.test(name) ? 'report, notify or boost' : undefined);
}

/** Refuses the words above in identifiers and in texts, and says which to use. */
export const glossary = {
  meta: { type: 'suggestion', schema: [], messages: { word: "'{{word}}' is '{{better}}' in this house." } },
  create(context) {
    const name = (node) => {
      const better = betterName(node.name);
      if (better !== undefined) context.report({ node, messageId: 'word', data: { word: node.name, better } });
    };
    const text = (node, value) => {
      for (const [word, better] of TEXTS)
        if (value.includes(word)) context.report({ node, messageId: 'word', data: { word, better } });
    };
    return {
      Identifier: name,
      Literal: (node) => typeof node.value === 'string' && text(node, node.value),
      TemplateElement: (node) => text(node, node.value.raw),
      JSXText: (node) => text(node, node.value),
    };
  },
};
