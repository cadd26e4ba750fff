// Makes public/assets/land.json, the map's land: Natural Earth 1:50m (public domain, from the package world-atlas), fine where the
// corridor runs, coarse elsewhere, without islands that nobody would see. Run by hand (npm run land); the result is committed.
import { readFileSync, writeFileSync } from 'node:fs'
import { feature } from 'topojson-client'
import { topology } from 'topojson-server'
import { presimplify } from 'topojson-simplify'

const out = new URL('../public/assets/land.json', import.meta.url)
const source = JSON.parse(readFileSync(new URL('../node_modules/world-atlas/land-50m.json', import.meta.url)))

// West, south, east, north of the region that is drawn finely.
const FINE = [-12, 0, 125, 62]
const inFine = ([x, y]) => x > FINE[0] && x < FINE[2] && y > FINE[1] && y < FINE[3]
// Areas of the triangle at a point, in square degrees, below which the point goes.
const WEIGHT_FINE = 0.0035, WEIGHT_COARSE = 0.6
const RING_FINE = 0.03, RING_COARSE = 3

const weighted = presimplify(source)
weighted.arcs = weighted.arcs.map((arc) =>
	arc.filter((p, i) => i === 0 || i === arc.length - 1 || p[2] >= (inFine(p) ? WEIGHT_FINE : WEIGHT_COARSE)).map(([x, y]) => [x, y]))
const land = feature(weighted, weighted.objects.land)

const area = (ring) => Math.abs(ring.reduce((sum, [x, y], i) => {
	const [u, v] = ring[(i + 1) % ring.length]
	return sum + (x * v - u * y)
}, 0)) / 2
const keep = (ring) => ring.length >= 4 && area(ring) > (inFine(ring[0]) ? RING_FINE : RING_COARSE)

const polygons = land.features.flatMap((f) => (f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates))
	.map((rings) => rings.filter((ring, i) => keep(ring) && (i === 0 || keep(rings[0]))))
	.filter((rings) => rings.length > 0 && rings[0].every((p) => p[1] > -62))

// 0.01 degrees is about a kilometre: finer than the map can show.
const result = topology({ land: { type: 'MultiPolygon', coordinates: polygons } }, 3e4)
writeFileSync(out, JSON.stringify(result) + '\n')
console.log(`${polygons.length} polygons, ${result.arcs.reduce((n, a) => n + a.length, 0)} points, ${JSON.stringify(result).length} octets`)
