#!/bin/bash
# `sarai corridor line`: files found, options, forms, exit statuses.
. "$(dirname "$0")/../live/hub.sh"
data=$root/tests/corridor/data/optics
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$data/one_span.json" "$work/" && cp "$data/equipment.json" "$work/eqpt_config.json"
run() { # run WORDS...: fills $out, $err, $status
	out=$("$sarai" "$@" 2>"$work/err")
	status=$?
	err=$(cat "$work/err")
}
run corridor line "$work/one_span.json"
is $status 0 "the equipment beside the network is found"
like "$out" '*27.09 dB in the signal*31.17 in 0.1 nm*' "and the GSNR is that of GNPy's example"
is "$(printf '%s\n' "$out" | awk 'length > 80' | wc -l)" 0 "in 80 columns"
run --csv corridor line "$work/one_span.json"
is "$(printf '%s\n' "$out" | wc -l)" 77 "CSV has a row for each of 76 channels"
run -j corridor line "$work/one_span.json" --channels --model ggn
is "$(printf '%s' "$out" | python3 -c 'import json,sys; print(len(json.load(sys.stdin)["spectrum"]))')" 76 "JSON is JSON, with the channels where they are asked for"
run corridor line "$work/one_span.json" --mode 'Voyager:mode 2'
like "$out" '*needs 21.00 dB*to spare*' "a mode and its margin"
run corridor line "$work/one_span.json" --mode 'Voyager:mode 9'
is $status 1 "a mode that is not there is refused"
run corridor line "$work/one_span.json" --from B --to A
is $status 1 "light does not run backward"
like "$err" '*no way from B to A*' "and that is said"
run corridor line "$work/none.json"
is $status 1 "a file that is not there is refused"
run corridor line "$work/one_span.json" --power loud
is $status 2 "a power that is no number is a usage error"
echo '{"elements":[' >"$work/one_span.json"
run corridor line "$work/one_span.json"
is $status 1 "half a file is refused"
like "$err" '*line 2, column 1: not JSON*' "with the reason"
mkdir "$work/out"
run corridor optics export --gnpy "$work/out" --hub "$root/examples/silkroad.yaml"
is $status 0 "a hub is written as GNPy's files"
run corridor line "$work/out/network.json" --from 'trx ALA' --to 'trx FRA'
is $status 0 "which light goes through"
run corridor optics import "$work/out/network.json"
is $status 0 "and which become a part of a hub file"
printf '%s\n' "$out" >"$work/out/part.yaml"
printf 'include: [part.yaml]\nhub: {name: T, asn: 64500, router_id: 192.0.2.1}\n' >"$work/out/hub.yaml"
run check "$work/out/hub.yaml"
like "$out" '*172 segments*' "that is good, with all segments"
run corridor optics C01 --hub "$work/out/hub.yaml"
like "$out" '*5 spans of 76.0 km*' "and their optics"
mkdir "$work/alone" && cp "$work/out/network.json" "$work/alone/"
run corridor optics import "$work/alone/network.json"
is $status 0 "without equipment there are sites and segments"
like "$err" 'no equipment: sites and segments alone, without optics' "which is said"
printf '%s\n' "$out" >"$work/out/part.yaml"
run check "$work/out/hub.yaml"
like "$out" '*172 segments*' "and is good, too"
run corridor optics import "$work/alone/network.json" --equipment "$work/alone/none.json"
is $status 1 "equipment that is named has to be there"
run corridor line "$work/alone/network.json"
is $status 1 "light goes nowhere without"
sed 's/"type":"Fiber"/"type":"RamanFiber"/; s/"type": "Fiber"/"type": "RamanFiber"/' "$data/one_span.json" >"$work/alone/pumped.json"
run corridor optics import "$work/alone/pumped.json"
is $status 0 "Raman pumps are left out of a hub file"
like "$err" '*RamanFiber "span": a hub file has no Raman pumps; left out*' "and that is said"
printf '{"elements":[{"uid":"A","type":"Roadm"},{"uid":"f","type":"Fiber","params":{"length":8,"loss_coef":0.2}},{"uid":"g","type":"Fiber","params":{"length":8,"loss_coef":0.2}}],"connections":[{"from_node":"f","to_node":"g"},{"from_node":"g","to_node":"f"}]}' >"$work/alone/ring.json"
run corridor optics import "$work/alone/ring.json"
like "$err" '*Fiber "f": on no line from a site to a site; left out*Fiber "g"*' "fibre that leads from nowhere to nowhere is told"
python3 - "$data" "$work/alone" <<'PYTHON'
import json, sys
data, out = sys.argv[1:]
network = json.load(open(data + "/one_span.json"))
def write(name, network):
    json.dump(network, open(f"{out}/{name}.json", "w"))
with open(out + "/marked.json", "wb") as f:
    f.write(b"\xef\xbb\xbf" + json.dumps(network).encode())
network["elements"][0].setdefault("metadata", {})["location"] = {"city": "A", "latitude": 200, "longitude": 3}
write("far", network)
def element(uid, kind, **more):
    return {"uid": uid, "type": kind, **more}
def fibre(uid):
    return element(uid, "Fiber", type_variety="SSMF", params={"length": 80, "loss_coef": 0.2, "con_in": 0.5, "con_out": 0.5})
def ties(*uids):
    return [{"from_node": a, "to_node": b} for way in (uids, uids[::-1]) for a, b in zip(way, way[1:])]
def ids(number):
    return {"per_degree_impairments": [{"from_degree": "A", "to_degree": "f", "impairment_id": number}]}
def between(number):
    elements = [element("A", "Transceiver"), element("R", "Roadm", params=ids(number)), element("B", "Transceiver")]
    return {"elements": elements, "connections": ties("A", "R", "B")}
write("impaired", between(77))
chain = ["A", "f", "g", "B"]
write("joined", {"elements": [element("A", "Transceiver"), fibre("f"), fibre("g"), element("B", "Transceiver")],
                 "connections": [{"from_node": a, "to_node": b} for a, b in zip(chain, chain[1:])]})
PYTHON
run corridor optics import "$work/alone/marked.json"
is $status 0 "a mark before UTF-8 is no part of JSON"
run corridor optics import "$work/alone/far.json"
is $status 0 "a place that is none refuses nothing"
like "$err" '*latitude: found 200, expected -90 to 90; left out*' "and is told"
is "$(printf '%s' "$out" | grep -c '"lat":200')" 0 "and left out"
run corridor optics import "$work/alone/impaired.json" --equipment "$data/equipment.json"
is $status 1 "a way through a ROADM of which nothing is known is refused"
like "$err" '*Roadm "R": per_degree_impairments: impairment_id: found 77, which is none of its roadm-path-impairments*' "by its number"
run corridor optics import "$work/alone/impaired.json"
is $status 0 "unless there is no equipment that would tell"
run corridor line "$work/alone/joined.json" --equipment "$data/equipment.json" --from A --to B
is $status 0 "between two fibres"
like "$out" '*Edfa_f*' "an amplifier is put in, as GNPy does"
run corridor optics import "$work/alone"
is $status 1 "a folder is no file"
like "$err" '*cannot be read: Is a directory*' "and is called one"
run corridor optics C01 --hub "$root/examples/silkroad.yaml"
like "$out" '*25.60 Tbit/s a pair*400 Tbit/s: 16 pairs*' "a segment: Tbit/s a pair, and the pairs that what is told would need"
is "$(printf '%s\n' "$out" | awk 'length > 80' | wc -l)" 0 "in 80 columns"
run -j corridor optics ALA FRA --avoid RU --hub "$root/examples/silkroad.yaml"
is "$(printf '%s' "$out" | python3 -c 'import json,sys; d=json.load(sys.stdin); print(d["mode"], len(d["segments"]) > 10, [len(m["regenerators"]) for m in d["modes"] if m["mode"] == "100G/60"])')" "None True [3]" "a way: no mode gets through by itself, one with three regenerators"
run --csv corridor optics ALA FRA --hub "$root/examples/silkroad.yaml"
like "$out" 'segment,length_km,spans*' "as CSV a row for each segment"
run corridor optics C01 --mode none --hub "$root/examples/silkroad.yaml"
is $status 1 "a mode that is not there is refused"
run corridor optics --hub "$root/examples/silkroad.yaml"
is $status 2 "no place is a usage error"
run corridor optics export --hub "$root/examples/silkroad.yaml"
is $status 2 "no folder to write to is a usage error"
run corridor reckon latency length=380km
is $status 0 "the calculator needs no hub"
like "$out" 'one way *1.860753949 ms*formula*source*' "and says what it comes to, and how"
run -j corridor reckon k-of-n needed=1 count=2 availability=90%
is "$(printf '%s' "$out" | python3 -c 'import json,sys; print(json.load(sys.stdin)["results"][0]["value"])')" 0.99 "as JSON, too"
run corridor reckon
is $status 0 "alone it lists its topics"
run corridor reckon latency length=3miles
is $status 2 "a wrong unit is a usage error"
is "$out$err" 'sarai: latency: length: found "3miles", expected a number from 0 to 50000 km (units: km, m)' "which is told"
run corridor reckon horoscope
is $status 1 "a topic that is not there is refused"
run -q corridor reckon latency length=3
is "$status$out$err" 0 "quiet is quiet"
done_testing
