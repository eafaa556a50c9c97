/** Writes the sample's images, samples/pix2pix/data, unless they are there. */
export function makeDigits(options?: { readonly force?: boolean }): Promise<void>;
