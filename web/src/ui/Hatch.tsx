/** The 45° hatching that means "decided" or "forecast"; `id` is unique on the page. */
export const Hatch = ({ id }: { id: string }) => (
  <defs>
    <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="5" height="5" className="hbg" />
      <line x1="1" y1="0" x2="1" y2="5" className="hln" />
    </pattern>
  </defs>
)
