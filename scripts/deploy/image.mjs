// The image of deploy/Dockerfile without a builder of images: its stages as folders, laid out by its own lines. What the base
// images have is not there; who starts it brings Node.
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runOrThrow } from '../steps.mjs';

/** Each line that is no comment: [instruction, rest]. */
export function instructionsOf(dockerfile) {
  return dockerfile
    .split('\n')
    .filter(line => line.trim() !== '' && !line.startsWith('#'))
    .map(line => /^(\w+) (.*)$/.exec(line)?.slice(1) ?? [line, '']);
}

/** Lays out the stages in `folder`, from the files of `context`. Resolves with the last one, and with what it starts. */
export async function layOutImage({ dockerfile, context, folder }) {
  const image = { root: '', workdir: '/', env: {}, user: '', entrypoint: [], cmd: [] };
  const stages = new Map();
  const inside = path => join(image.root, path.startsWith('/') ? path : join(image.workdir, path));

  const acts = {
    ARG() {},
    EXPOSE() {},
    FROM(text) {
      const [, name = `stage-${stages.size}`] = / AS (\S+)$/.exec(text) ?? [];
      image.root = join(folder, name);
      stages.set(name, image.root);
      mkdirSync(image.root, { recursive: true });
    },
    WORKDIR(path) {
      image.workdir = path;
      mkdirSync(inside('.'), { recursive: true });
    },
    COPY(text) {
      const words = text.split(' ');
      const [, from] = /^--from=(\S+)$/.exec(words[0]) ?? [];
      if (from !== undefined) words.shift();
      const target = words.pop();
      for (const source of words) {
        const path = from === undefined ? join(context, source) : join(stages.get(from), source);
        if (!existsSync(path)) throw new Error(`COPY ${text}: there is no ${source}`);
        const intoFolder = target.endsWith('/');
        cpSync(path, inside(intoFolder ? join(target, basename(source)) : target), { recursive: true });
      }
    },
    async RUN(command) {
      await runOrThrow('sh', ['-ec', command], { cwd: inside('.') });
    },
    ENV(text) {
      const [, name, value] = /^(\w+)=(.*)$/.exec(text);
      image.env[name] = value;
    },
    USER(user) {
      image.user = user;
    },
    ENTRYPOINT(list) {
      image.entrypoint = JSON.parse(list);
    },
    CMD(list) {
      image.cmd = JSON.parse(list);
    },
  };
  for (const [instruction, rest] of instructionsOf(dockerfile)) {
    if (!Object.hasOwn(acts, instruction)) throw new Error(`${instruction}: nobody laid out such a line yet`);
    await acts[instruction](rest);
  }
  return image;
}
