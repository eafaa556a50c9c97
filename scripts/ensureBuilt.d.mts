export declare const dist: string;
export declare function ensureBuilt(): Promise<void>;
