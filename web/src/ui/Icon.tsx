/** Line icons, 16 × 16. Always decoration: the word beside them, or the button's label, says what they mean. */
const PATHS = {
  board:
    'M3.5 2.5H6a1 1 0 0 1 1 1V7a1 1 0 0 1-1 1H3.5a1 1 0 0 1-1-1V3.5a1 1 0 0 1 1-1zM10 2.5h2.5a1 1 0 0 1 1 1v1a1 1 0 0 1-1 1H10a1 1 0 0 1-1-1v-1a1 1 0 0 1 1-1zM3.5 10.5H6a1 1 0 0 1 1 1v1a1 1 0 0 1-1 1H3.5a1 1 0 0 1-1-1v-1a1 1 0 0 1 1-1zM10 8h2.5a1 1 0 0 1 1 1v3.5a1 1 0 0 1-1 1H10a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1z',
  cascade: 'M3 2h3v3.500H3zM10 6.300h3v3.500h-3zM10 11h3v3.500h-3zM4.500 5.500v7.200H10M4.500 8H10',
  sales: 'M2.500 13.500h11M4.500 11V8.500M8 11V6M11.500 11V3',
  milestone: 'M8 2.200 13.800 8 8 13.800 2.200 8z',
  ledger: 'M3 3h10M3 6.300h10M3 9.700h7M3 13h5',
  lock: 'M4.700 7h6.600a1.200 1.200 0 0 1 1.200 1.200v4.100a1.200 1.200 0 0 1-1.200 1.200H4.700a1.200 1.200 0 0 1-1.200-1.200V8.200A1.200 1.200 0 0 1 4.700 7zM5.500 7V5a2.500 2.500 0 0 1 5 0v2',
  check: 'm3.500 8.500 3 3 6-7',
  down: 'm4.500 6.500 3.500 3.500 3.500-3.500',
  right: 'm6.500 4.500 3.500 3.500-3.500 3.500',
  calendar:
    'M4 3.500h8A1.500 1.500 0 0 1 13.500 5v7a1.500 1.500 0 0 1-1.500 1.500H4A1.500 1.500 0 0 1 2.500 12V5A1.500 1.500 0 0 1 4 3.500zM2.500 6.800h11M5.500 2v2.500M10.500 2v2.500',
  search: 'M7 2.750a4.250 4.250 0 1 1 0 8.500 4.250 4.250 0 0 1 0-8.500zM10.200 10.200l3.300 3.300',
  link: 'M6.800 9.200a2.500 2.500 0 0 0 3.600 0l2.100-2.100a2.540 2.540 0 0 0-3.600-3.600l-.7.700M9.200 6.800a2.500 2.500 0 0 0-3.600 0L3.500 8.900a2.540 2.540 0 0 0 3.600 3.600l.7-.7',
  print:
    'M4.500 6V2.500h7V6M4.500 11.500h-1a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v3.500a1 1 0 0 1-1 1h-1M4.500 9.500h7v4h-7z',
  explain: 'M4.500 6.300h7M4.500 9.700h7',
  plus: 'M8 3.500v9M3.500 8h9',
  close: 'm4.500 4.500 7 7M11.500 4.500l-7 7',
  more: 'M3.500 8h.01M8 8h.01M12.500 8h.01',
  objective:
    'M8 2.250a5.750 5.750 0 1 1 0 11.500 5.750 5.750 0 0 1 0-11.500zM8 5.750a2.250 2.250 0 1 1 0 4.500 2.250 2.250 0 0 1 0-4.500z',
  portfolio:
    'M3.500 5h9a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM5.500 5V3.500a1 1 0 0 1 1-1h3a1 1 0 0 1 1 1V5M2.500 8.500h11',
  program: 'm8 2.500 6 3-6 3-6-3zM2 8.300l6 3 6-3M2 11l6 3 6-3',
  initiative: 'M4 14V2.500M4 3h7.500L9.800 5.700l1.700 2.800H4',
  file: 'M4.500 2.500h4.500l2.500 2.500v8.500h-7zM9 2.500V5h2.500',
  pencil: 'M3 13l.6-2.600 7.200-7.200a1.200 1.200 0 0 1 1.700 0l.3.300a1.200 1.200 0 0 1 0 1.700L5.600 12.400z',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, bold }: { name: IconName; bold?: boolean }) {
  return (
    <svg
      className="ic"
      viewBox="0 0 16 16"
      aria-hidden="true"
      style={bold || name === 'more' ? { strokeWidth: 2.2 } : undefined}
    >
      <path d={PATHS[name]} />
    </svg>
  )
}

export function Mark() {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <rect x="1" y="12" width="4" height="6" rx="1" />
      <rect x="8" y="7.500" width="4" height="10.500" rx="1" />
      <rect x="15" y="2" width="4" height="16" rx="1" />
    </svg>
  )
}
