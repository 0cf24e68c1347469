import type { Rule } from 'eslint';
export const fileHeader: Rule.RuleModule;
