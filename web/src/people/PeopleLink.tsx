import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

type Props = AnchorProps & Omit<ComponentPropsWithRef<'a'>, keyof AnchorProps>;

/** A link to a list that is narrowed: its type knows how lists are. */
export const PeopleLink = createLink((props: Props) => <Anchor size="sm" {...props} />);
