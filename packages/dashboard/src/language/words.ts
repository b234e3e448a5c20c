import { computed } from '@preact/signals'
import { language } from '../preferences.ts'
import { en } from './en.ts'
import { ko } from './ko.ts'

export const LANGUAGES = { en, ko } as const

/** The words of the page in the reader's language. */
export const words = computed(() => LANGUAGES[language.value])
