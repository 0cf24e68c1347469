import { itShouldAnswerAsGo } from '../golden-rows.js';

describe('access of expressions', () => {
  itShouldAnswerAsGo('access');
});
