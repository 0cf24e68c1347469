import { itShouldAnswerAsGo } from '../golden-rows.js';

describe('loops of expressions', () => {
  itShouldAnswerAsGo('loops');
});
