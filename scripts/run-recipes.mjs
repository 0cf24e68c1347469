// Runs the programs of recipes/ with the frameworks that they are about, over the packed library, and compares what they print
// with what was committed beside them. With promtool (PROMTOOL, or in PATH) it has nothing to say of their metrics.
// Usage: node scripts/run-recipes.mjs [NAME…]. UPDATE_GOLDEN=1 writes the text of recipes that have none.
//
// Their dependencies are a project of their own: nobody who works on the library needs express.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareOutput } from './expected-output.mjs';
import { findPrograms } from './export-peers.mjs';
import { checkText } from './promtool.mjs';
import { runOptionsOf } from './program-flags.mjs';
import { installLibrary, installPackages, RECIPES } from './recipes-folder.mjs';
import { runOrThrow, Steps } from './steps.mjs';

const RECIPE_TIMEOUT_MILLIS = 120_000;

async function runRecipe(file) {
  const { flags, env } = await runOptionsOf(join(RECIPES, file));
  const stdout = await runOrThrow(process.execPath, [...flags, file], {
    cwd: RECIPES,
    env,
    timeoutMillis: RECIPE_TIMEOUT_MILLIS,
  });
  const expectation = join(RECIPES, file.replace(/\.mjs$/, '.expected.txt'));
  if (!existsSync(expectation) && process.env.UPDATE_GOLDEN === '1') writeFileSync(expectation, stdout);
  compareOutput(stdout, readFileSync(expectation, 'utf8'));
  return stdout;
}

const wanted = process.argv.slice(2);
const recipes = readdirSync(RECIPES)
  .filter(file => file.endsWith('.mjs'))
  .filter(file => wanted.length === 0 || wanted.some(name => file.includes(name)))
  .sort();
const [promtool] = findPrograms('PROMTOOL', 'promtool');
const steps = new Steps();
const installed = await steps.step('npm installs what the recipes are about', installPackages);
if (installed !== undefined) {
  await steps.step('npm packs the library, as a user has it', installLibrary);
  for (const recipe of recipes) {
    const printed = await steps.step(`recipes/${recipe} prints what it should`, () => runRecipe(recipe));
    if (printed !== undefined && promtool !== undefined)
      await steps.step(`promtool: has nothing to say of ${recipe}`, async () => checkText(promtool, printed));
  }
  if (promtool === undefined)
    console.log('  - skipped: there is no promtool in PATH, and PROMTOOL names none');
}
steps.finish();
