/** A set as a configuration of promptfoo, in YAML: add `providers`, and it runs there. */
import type { PromptTurn, SetDraft } from '../../src/shared/domain/lab/case-set';
import type { Check, CheckRule } from '../../src/shared/domain/lab/check';
import type { WrittenSet } from '../../src/shared/protocol/set-files';
import { loadPart } from '../load-part';
import { literalText } from './literal-text';
import { ownChecksField } from './read-test';
import { textFromTurns } from './prompt-turns';
import { checkNotation } from './write-check';

interface Assertion {
  readonly type: string;
  readonly value?: unknown;
  readonly threshold?: number;
}

/** Null for what promptfoo does not have. */
function ruleAssertion(rule: CheckRule): Assertion | null {
  switch (rule.kind) {
    case 'equals':
    case 'starts-with':
      return { type: rule.kind, value: literalText(rule.value) };
    case 'contains':
      return { type: rule.ignoresCase ? 'icontains' : 'contains', value: literalText(rule.value) };
    case 'contains-any':
    case 'contains-all':
      // An empty part, which everything contains, is left out when it is read.
      return rule.values.includes('')
        ? null
        : { type: (rule.ignoresCase ? 'i' : '') + rule.kind, value: rule.values.map(literalText) };
    case 'regex':
      return rule.flags === undefined ? { type: 'regex', value: literalText(rule.pattern) } : null;
    case 'is-json':
    case 'contains-json':
      return { type: rule.kind, ...(rule.schema !== undefined && { value: literalText(rule.schema) }) };
    case 'levenshtein':
      return { type: 'levenshtein', value: literalText(rule.value), threshold: rule.most };
    case 'similar':
      return { type: 'similar', value: literalText(rule.value), threshold: rule.least };
    case 'rubric':
      return { type: 'llm-rubric', value: literalText(rule.rubric) };
    case 'javascript':
      return { type: 'javascript', value: literalText(rule.code) };
    case 'latency':
      return { type: 'latency', threshold: rule.mostMs };
    case 'refusal':
      return { type: 'is-refusal' };
    case 'length': {
      const { unit, least, most } = rule;
      if (unit !== 'words') return null;
      return {
        type: 'word-count',
        value: { ...(least !== undefined && { min: least }), ...(most !== undefined && { max: most }) },
      };
    }
    case 'number':
    case 'choice':
    case 'language':
    case 'code':
      return null;
  }
}

function assertionOf({ not, ...rule }: Check): Assertion | null {
  const assertion = ruleAssertion(rule);
  return assertion && not ? { ...assertion, type: `not-${assertion.type}` } : assertion;
}

/** Checks as assertions, and as texts those that promptfoo would stop at. */
function assertions(checks: readonly Check[]): {
  readonly assert: readonly Assertion[];
  readonly own: readonly string[];
} {
  const known = checks.map((check) => ({ check, assertion: assertionOf(check) }));
  return {
    assert: known.flatMap(({ assertion }) => assertion ?? []),
    own: known.flatMap(({ check, assertion }) => (assertion ? [] : [checkNotation(check)])),
  };
}

/** A prompt that promptfoo cannot take for the name of a file. */
const promptText = (turns: readonly PromptTurn[]): string => {
  const text = textFromTurns(turns);
  return text.includes('\n') || /\s/.test(text.trim()) || text.startsWith('[')
    ? text
    : JSON.stringify(turns.map(({ role, content }) => ({ role, content })));
};

/** `readSet` gives the same questions and checks: `caseHash` is the same. Those that promptfoo does not run stand in `metadata`. */
export async function writePromptfoo(set: SetDraft): Promise<WrittenSet> {
  const { stringify } = await loadPart(() => import('yaml'));
  const { prompt, checks, cases, about, name } = set;
  const shared = assertions(checks);
  const prompts = new Map<string, string>();
  // Where a case has a conversation of its own, each test names the prompt that it is for.
  const isNamed = cases.some(({ turns }) => turns !== undefined);
  const labelOf = (turns: readonly PromptTurn[]): string => {
    const text = promptText(turns);
    const label = prompts.get(text) ?? `prompt-${prompts.size + 1}`;
    prompts.set(text, label);
    return label;
  };
  const tests = cases.map(({ variables, turns, checks: given, category, reference }) => {
    const { assert, own } = assertions(given);
    const metadata = {
      ...(category !== undefined && { category }),
      ...(reference !== undefined && { reference }),
      ...(shared.own.length + own.length > 0 && { [ownChecksField]: [...shared.own, ...own] }),
    };
    return {
      ...(isNamed && { prompts: [labelOf(turns ?? prompt)] }),
      vars: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, literalText(value)])),
      ...(assert.length > 0 && { assert }),
      ...(Object.keys(metadata).length > 0 && { metadata }),
    };
  });
  const config = {
    description: about ?? name,
    prompts: isNamed
      ? [...prompts].map(([raw, label]) => ({ label, raw }))
      : prompt.length > 0
        ? [promptText(prompt)]
        : [],
    ...(shared.assert.length > 0 && { defaultTest: { assert: shared.assert } }),
    tests,
  };
  const unknown = [...checks, ...cases.flatMap(({ checks: given }) => given)].filter((check) => !assertionOf(check));
  return {
    // Words such as `yes` and dates are other types for older readers of YAML, among them promptfoo's.
    text: stringify(config, { aliasDuplicateObjects: false, compat: 'yaml-1.1', lineWidth: 0 }),
    unknownThere: [...new Set(unknown.map(({ kind }) => kind))],
  };
}
