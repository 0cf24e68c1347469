import { itShouldAnswerAsGo } from '../golden-rows.js';

describe('logic of expressions', () => {
  itShouldAnswerAsGo('logic');
});
