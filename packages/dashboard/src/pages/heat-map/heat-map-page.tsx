export function HeatMapPage() {
  return <h1>HeatMapPage</h1>
}
