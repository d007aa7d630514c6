/** The lint rules of the house, as a plugin. */
import { glossary } from './glossary.mjs';

/** Refuses what its options select: `{ selector, message }` each. */
const restrictedSyntax = {
  meta: {
    type: 'suggestion',
    schema: {
      type: 'array',
      items: {
        type: 'object',
        properties: { selector: { type: 'string' }, message: { type: 'string' } },
        required: ['selector', 'message'],
        additionalProperties: false,
      },
    },
  },
  create(context) {
    return Object.fromEntries(
      context.options.map(({ selector, message }) => [selector, (node) => context.report({ node, message })]),
    );
  },
};

export default { meta: { name: 'house' }, rules: { glossary, 'restricted-syntax': restrictedSyntax } };
