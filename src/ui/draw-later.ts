/**
 * For `{@attach}`: draws into an element once what draws has been loaded, and ends that when the element goes. Where it does not
 * come, nothing is drawn: a table beneath says the same.
 * @param load resolves with what draws; what that returns ends the drawing
 */
export function drawLater(load: () => Promise<(place: HTMLElement) => () => void>): (place: HTMLElement) => () => void {
  return (place) => {
    let end = (): void => undefined;
    let gone = false;
    void load().then(
      (draw) => {
        if (!gone) end = draw(place);
      },
      () => undefined,
    );
    return () => {
      gone = true;
      end();
    };
  };
}
