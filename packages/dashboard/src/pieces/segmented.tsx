import './segmented.css'

interface SegmentedProps<T extends string> {
  label: string
  value: T
  options: readonly { value: T; text: string }[]
  choose: (value: T) => void
}

/** One of a few, all of them seen. */
export function Segmented<T extends string>({ label, value, options, choose }: SegmentedProps<T>) {
  return (
    <fieldset class="segmented">
      <legend class="unseen">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => choose(option.value)}
        >
          {option.text}
        </button>
      ))}
    </fieldset>
  )
}
