// A PNG with a palette: pages have few colours, so their pictures take a third of the bytes and look the same.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = 8;
const MOST = 256;
/** Channels are told apart by their highest bits. */
const SHIFT = 3;

type Pixels = { width: number; height: number; rgb: Uint8Array };
type Colour = { red: number; green: number; blue: number };

/** The chunks of a PNG by their names; of several alike their contents as one. */
function chunks(png: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = SIGNATURE; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const name = png.toString('latin1', at + 4, at + 8);
    const content = png.subarray(at + 8, at + 8 + length);
    found.set(name, Buffer.concat([found.get(name) ?? Buffer.alloc(0), content]));
    at += length + 12;
  }
  return found;
}

/** What a filter of PNG foretells of a byte, from those to the left, above, and above to the left. */
function foretold(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  if (filter !== 4) return 0;
  const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

/** The pixels of a picture as the browser takes it: eight bits a channel, with or without transparency. */
function pixels(png: Buffer): Pixels {
  const all = chunks(png);
  const head = all.get('IHDR') ?? Buffer.alloc(13);
  const [width, height, step] = [head.readUInt32BE(0), head.readUInt32BE(4), head[9] === 6 ? 4 : 3];
  const lines = inflateSync(all.get('IDAT') ?? Buffer.alloc(0));
  const length = width * step;
  const rgb = new Uint8Array(width * height * 3);
  let above = new Uint8Array(length);
  for (let y = 0; y < height; y++) {
    const start = y * (length + 1);
    const line = lines.subarray(start + 1, start + 1 + length);
    const filter = lines[start] ?? 0;
    for (let x = 0; x < length; x++) {
      const guess = foretold(filter, line[x - step] ?? 0, above[x] ?? 0, above[x - step] ?? 0);
      line[x] = (line[x] ?? 0) + guess;
      if (x % step < 3) rgb[(y * width + Math.floor(x / step)) * 3 + (x % step)] = line[x] ?? 0;
    }
    above = line;
  }
  return { width, height, rgb };
}

const kindOf = (red: number, green: number, blue: number) =>
  ((red >> SHIFT) << 16) | ((green >> SHIFT) << 8) | (blue >> SHIFT);

/** Colours that only their lowest bits tell apart, as their mean; the commonest first. */
function kinds({ rgb }: Pixels): [kind: number, mean: Colour][] {
  const sums = new Map<number, Colour & { count: number }>();
  for (let at = 0; at < rgb.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = [rgb[at], rgb[at + 1], rgb[at + 2]];
    const kind = kindOf(red, green, blue);
    const sum = sums.get(kind) ?? { red: 0, green: 0, blue: 0, count: 0 };
    sums.set(kind, sum);
    sum.red += red;
    sum.green += green;
    sum.blue += blue;
    sum.count += 1;
  }
  const mean = ({ red, green, blue, count }: Colour & { count: number }): Colour => ({
    red: Math.round(red / count),
    green: Math.round(green / count),
    blue: Math.round(blue / count),
  });
  return [...sums]
    .sort(([, one], [, other]) => other.count - one.count)
    .map(([kind, sum]) => [kind, mean(sum)]);
}

function nearest(colours: readonly Colour[], { red, green, blue }: Colour): number {
  const far = colours.map((one) => (one.red - red) ** 2 + (one.green - green) ** 2 + (one.blue - blue) ** 2);
  return far.indexOf(Math.min(...far));
}

function chunk(name: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** The same picture in at most 256 colours. */
export function withPalette(png: Buffer): Buffer {
  const picture = pixels(png);
  const { width, height, rgb } = picture;
  const all = kinds(picture);
  const colours = all.slice(0, MOST).map(([, mean]) => mean);
  const places = new Map(all.map(([kind, mean], at) => [kind, at < MOST ? at : nearest(colours, mean)]));
  const lines = new Uint8Array(height * (width + 1));
  for (let at = 0; at < width * height; at++) {
    const [red = 0, green = 0, blue = 0] = [rgb[3 * at], rgb[3 * at + 1], rgb[3 * at + 2]];
    lines[at + Math.floor(at / width) + 1] = places.get(kindOf(red, green, blue)) ?? 0;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3], 8);
  return Buffer.concat([
    png.subarray(0, SIGNATURE),
    chunk('IHDR', head),
    chunk('PLTE', Uint8Array.from(colours.flatMap(({ red, green, blue }) => [red, green, blue]))),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
