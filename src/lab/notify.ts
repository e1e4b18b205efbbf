export type Notify = (notice: { text: string; action?: { label: string; run: () => void } }) => void;
