import { z } from 'zod';

/** One argument, as execve(2) takes it. */
export const argumentSchema = z.string().refine((text) => !text.includes('\0'), 'expected no NUL character');

/** A program and its arguments, never a shell line. */
export const argvSchema = z
  .array(argumentSchema)
  .min(1, 'expected a program to run, as in: -- node server.mjs')
  .refine((argv) => argv[0] !== '', 'expected a program name, got an empty one');
