import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';

/** A resource without attributes, made by hand: the library imports nothing of the SDK at run time. */
export function emptyResource(): Resource {
  return plainResource({});
}

/** A resource whose attributes are known, of plain data. */
export function plainResource(attributes: Attributes): Resource {
  const resource: Resource = {
    attributes,
    asyncAttributesPending: false,
    merge: other => {
      if (other === null) return resource;
      const isEmpty = Object.keys(attributes).length === 0;
      return isEmpty ? other : plainResource({ ...attributes, ...other.attributes });
    },
    getRawAttributes: () => Object.entries(attributes),
  };
  return resource;
}
