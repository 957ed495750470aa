// One row whole: its fate, what is wrong and how it is put right, what an update changes, what was corrected.
import { Button, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { toldOf } from '../outcomes';
import { isWhole, type Issue, letters, placeOf, type Row } from './queries';
import classes from './Rows.module.css';
import type { Corrections } from './useCorrections';
