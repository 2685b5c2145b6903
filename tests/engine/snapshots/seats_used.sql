SELECT
  "t19"."account_id",
  "t19"."leaf_0" / NULLIF("t19"."leaf_1", 0.0) AS "m0"
FROM (
  SELECT
    "t3"."account_id",
    "t3"."position",
    CASE
      WHEN DATE '2026-03-31' >= DATE '2025-04-01'
      THEN COALESCE(CAST("t18"."leaf_0" AS DOUBLE), 0.0)
      ELSE CAST(NULL AS DOUBLE)
    END AS "leaf_0",
    CASE
      WHEN DATE '2026-03-31' >= DATE '2025-04-01'
      THEN COALESCE(CAST("t15"."leaf_1" AS DOUBLE), 0.0)
      ELSE CAST(NULL AS DOUBLE)
    END AS "leaf_1"
  FROM "requested" AS "t3"
  LEFT OUTER JOIN (
    SELECT
      "t16"."account_id" AS "account_0",
      "t16"."leaf_0"
    FROM (
      SELECT
        "t13"."account_id",
        COUNT(*) FILTER(WHERE
          "t13"."last_0" >= DATE '2026-03-04') AS "leaf_0"
      FROM (
        SELECT
          "t11"."account_id",
          "t11"."user_key",
          MAX("t11"."day") AS "last_0"
        FROM (
          SELECT
            *
          FROM (
            SELECT
              "t8"."account_id",
              "t8"."day",
              "t8"."user_key",
              "t8"."events"
            FROM (
              SELECT
                *
              FROM "user_days" AS "t2"
              WHERE
                "t2"."day" <= DATE '2026-03-31' AND "t2"."day" >= DATE '2026-03-04'
            ) AS "t8"
            SEMI JOIN "requested" AS "t4"
              ON "t8"."account_id" = "t4"."account_id"
          ) AS "t10"
          WHERE
            "t10"."user_key" IS NOT NULL
        ) AS "t11"
        GROUP BY
          1,
          2
      ) AS "t13"
      GROUP BY
        1
    ) AS "t16"
  ) AS "t18"
    ON "t3"."account_id" = "t18"."account_0"
  LEFT OUTER JOIN (
    SELECT
      "t12"."account_id" AS "account_1",
      "t12"."leaf_1"
    FROM (
      SELECT
        "t9"."account_id",
        SUM("t9"."seats") FILTER(WHERE
          (
            "t9"."from_day" <= DATE '2026-03-31'
          )
          AND (
            (
              "t9"."to_day" IS NULL
            ) OR (
              "t9"."to_day" > DATE '2026-03-31'
            )
          )) AS "leaf_1"
      FROM (
        SELECT
          "t7"."account_id",
          "t7"."from_day",
          "t7"."to_day",
          "t7"."seats",
          "t7"."end_day"
        FROM (
          SELECT
            *
          FROM "data_terms" AS "t1"
          WHERE
            "t1"."from_day" <= DATE '2026-03-31'
        ) AS "t7"
        SEMI JOIN "requested" AS "t4"
          ON "t7"."account_id" = "t4"."account_id"
      ) AS "t9"
      GROUP BY
        1
    ) AS "t12"
  ) AS "t15"
    ON "t3"."account_id" = "t15"."account_1"
) AS "t19"
ORDER BY
  "t19"."position" ASC;

SELECT
  "t3"."account_id",
  CAST("t3"."leaf_0" AS DOUBLE) AS "leaf_0"
FROM (
  SELECT
    "t2"."account_id",
    COUNT(*) FILTER(WHERE
      "t2"."last_0" >= DATE '2026-03-04') AS "leaf_0"
  FROM (
    SELECT
      "t1"."account_id",
      "t1"."user_key",
      MAX("t1"."day") AS "last_0"
    FROM (
      SELECT
        *
      FROM "user_days" AS "t0"
      WHERE
        "t0"."day" <= DATE '2026-03-31'
        AND "t0"."day" >= DATE '2026-03-04'
        AND "t0"."user_key" IS NOT NULL
    ) AS "t1"
    GROUP BY
      1,
      2
  ) AS "t2"
  GROUP BY
    1
) AS "t3";

SELECT
  "t2"."account_id",
  CAST("t2"."leaf_0" AS DOUBLE) AS "leaf_0"
FROM (
  SELECT
    "t1"."account_id",
    SUM("t1"."seats") FILTER(WHERE
      (
        "t1"."from_day" <= DATE '2026-03-31'
      )
      AND (
        (
          "t1"."to_day" IS NULL
        ) OR (
          "t1"."to_day" > DATE '2026-03-31'
        )
      )) AS "leaf_0"
  FROM (
    SELECT
      *
    FROM "data_terms" AS "t0"
    WHERE
      "t0"."from_day" <= DATE '2026-03-31'
  ) AS "t1"
  GROUP BY
    1
) AS "t2";
