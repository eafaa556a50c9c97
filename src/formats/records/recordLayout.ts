// The sizes in a record: docs/formats/records.md has the picture.

/** Eight bytes of length and four of its checksum. */
export const recordHeaderBytes = 12;

/** The payload's checksum. */
export const recordFooterBytes = 4;

/** Longest payload that is read unless told otherwise: 64 MiB. */
export const defaultMaxRecordBytes = 64 * 1024 * 1024;

/** A cap for whole files at hand, whose graphs may be big: 1 GiB. */
export const largeMaxRecordBytes = 1024 * 1024 * 1024;
