// A zip archive without compression: pictures are compressed already.

/**
 * @typedef {object} Member
 * @property {string} name with / between folders
 * @property {Blob} content
 */

const MOST = 0xffffffff; // bytes, without the longer form that old programs cannot read

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return value;
});

/**
 * The checksum of zip and PNG.
 * @param {Uint8Array} bytes
 */
export function crc32(bytes) {
  let value = -1;
  for (const byte of bytes) value = (value >>> 8) ^ TABLE[(value ^ byte) & 255];
  return ~value >>> 0;
}

/**
 * Pack files. They are read one after another; the archive refers to them and holds no
 * copy, so that a thousand photographs take no memory.
 * @param {Member[]} members of 4 GB together, at most 65,535
 * @param {Date} now
 * @returns {Promise<Blob>}
 * @throws {RangeError} if they are more
 */
export async function zip(members, now = new Date()) {
  const size = members.reduce((sum, { content }) => sum + content.size + 1000, 0);
  if (size > MOST || members.length > 0xffff) throw new RangeError("more than 4 GB");
  /** @type {BlobPart[]} */
  const parts = [];
  /** @type {BlobPart[]} */
  const index = [];
  let place = 0;
  let indexed = 0;
  for (const { name, content } of members) {
    const bytes = new TextEncoder().encode(name);
    const crc = crc32(new Uint8Array(await content.arrayBuffer()));
    const common = fields([
      [2, 20], // version that is needed
      [2, 0x0800], // names are UTF-8
      [2, 0], // stored
      [2, (now.getHours() << 11) | (now.getMinutes() << 5) | (now.getSeconds() >> 1)],
      [2, ((now.getFullYear() - 1980) << 9) | ((now.getMonth() + 1) << 5) | now.getDate()],
      [4, crc],
      [4, content.size],
      [4, content.size],
      [2, bytes.length],
      [2, 0], // nothing extra
    ]);
    const entry = [fields([[4, 0x02014b50], [2, 20]]), common];
    entry.push(fields([[2, 0], [2, 0], [2, 0], [4, 0], [4, place]]), bytes);
    parts.push(fields([[4, 0x04034b50]]), common, bytes, content);
    index.push(...entry);
    place += 4 + common.length + bytes.length + content.size;
    indexed += entry.reduce((sum, part) => sum + part.length, 0);
  }
  const end = fields([
    [4, 0x06054b50],
    [4, 0], // one disk
    [2, members.length],
    [2, members.length],
    [4, indexed],
    [4, place],
    [2, 0],
  ]);
  return new Blob([...parts, ...index, end], { type: "application/zip" });
}

/** @param {[number, number][]} values each with its number of bytes before it */
function fields(values) {
  const bytes = values.flatMap(([size, value]) =>
    Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) & 255),
  );
  return Uint8Array.from(bytes);
}
