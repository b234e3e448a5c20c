import { computed } from '@preact/signals'
import { language } from '../preferences.ts'
import { createFigures } from './figures.ts'

/** Figures as the reader's language writes them. */
export const figures = computed(() => createFigures(language.value))
