import { Alert, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Answer } from '../hooks/use-answer';

interface AnsweredProps<T> {
  answer: Answer<T | null>;
  /** What was asked for, in a word: `incident`. */
  noun: string;
  /** Why there may be none. */
  none: string;
  children: (value: T) => ReactNode;
}

/** What the engine was asked for, once it is there; until then that it is read, or why it can't be shown. */
export function Answered<T>({ answer, noun, none, children }: AnsweredProps<T>) {
  if (answer.kind === 'asking') {
    return <Loader role="status" size="sm" mx="auto" aria-label={`Reading the ${noun}`} />;
  }
  if (answer.kind === 'failed') {
    return (
      <Alert color="red" title={`The ${noun} can't be read`}>
        {answer.failure.message}
      </Alert>
    );
  }
  if (answer.value === null) {
    return (
      <Alert color="gray" title={`No such ${noun}`}>
        {none}
      </Alert>
    );
  }
  return children(answer.value);
}
