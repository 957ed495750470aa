import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

type As<T> = T & Omit<ComponentPropsWithRef<'a'>, keyof T>;

/** Links to a list that is narrowed: their types know how lists are. */
export const PeopleLink = createLink((props: As<AnchorProps>) => <Anchor size="sm" {...props} />);
export const PeopleButton = createLink((props: As<ButtonProps>) => <Button component="a" {...props} />);
