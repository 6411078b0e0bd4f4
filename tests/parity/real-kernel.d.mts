export function canAskKernel(): boolean;
export function askKernel(r: {
  readonly nat: string;
  readonly filter: string;
  readonly gateway: string;
  readonly machine: string;
  readonly pods: readonly { readonly name: string; readonly ip: string; readonly serves: boolean }[];
  readonly asks: readonly { readonly from: string; readonly to: string; readonly times: number }[];
}): Promise<{ readonly saved: string; readonly answers: readonly (readonly string[])[] }>;
