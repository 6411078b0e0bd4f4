/** The roles that nobody plays before the first command: kubectl, the programs in the user's containers, and those that a person runs there. */
import { curl, dig } from '../cluster/network/curl.ts';
import { logReader, process } from '../cluster/runtime/process.ts';
import type { Component } from '../kernel/component.ts';
import { kubectl } from '../kubectl/kubectl.ts';

export const lateRoles = [kubectl, process, logReader, curl, dig] as readonly unknown[] as readonly Component[];
